async ([base, what, given]) => {
  // The modules that the page has already, of its own release.
  const main = document.querySelector('script[type="module"][src^="/apps/"]');
  const apps = main ? main.src.replace(/[^/]+\/main\.js$/, "") : "/apps/";
  const { openDoor } = await import(`${apps}common/door.js`);
  const { Keys } = await import(`${apps}handset/keys/index.js`);
  const door = openDoor(base);
  const keys = new Keys(base.replace("/w/", ""), door);
  door.device = () => keys.devicePoint();
  const doing = {
    device: () => keys.devicePoint(),
    held: () => keys.held(),
    kept: async () => (await keys.kept.get(`key/${given.certificate_id}`)).sealed.join(),
    enrol: async () => keys.enrol({ id: given.order_id }, given.pin, await door.ask("issuing.pin_rules", { order_id: given.order_id })),
    activate: async () => keys.activate(await door.ask("issuing.certificate", { certificate_id: given.certificate_id }), given.pin),
    rewrap: () => keys.rewrap(given.certificate_id, given.pin, given.new_pin),
    cut_enrol: async () => {
      // `before`: the page is closed when the blob is written and nothing was asked; else when the answer is on its way.
      const put = keys.kept.put.bind(keys.kept);
      let writes = 0;
      keys.kept.put = async (changes) => {
        writes += 1;
        if (!given.before && writes === 2) throw new Error("the page was closed");
        await put(changes);
        if (given.before) throw new Error("the page was closed");
      };
      try {
        await doing.enrol();
      } catch (error) {
        if (error.message !== "the page was closed") throw error;
      }
      keys.kept.put = put;
    },
    cut: async () => {
      const put = keys.kept.put.bind(keys.kept);
      keys.kept.put = () => { throw new Error("the page was closed"); };
      try {
        await keys.rewrap(given.certificate_id, given.pin, given.new_pin);
      } catch (error) {
        if (error.message !== "the page was closed") throw error;
      }
      keys.kept.put = put;
    },
  };
  try {
    return [200, await doing[what]() ?? null];
  } catch (refusal) {
    return [refusal.status || 400, { code: refusal.code ?? "", title: refusal.message }];
  }
}
