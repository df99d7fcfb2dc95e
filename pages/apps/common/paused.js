// What is told to whoever waits because a CA issues nothing for now: since when, and how it goes on.
import { html } from "../vendor/htm-preact.js";
import { moment } from "./format.js";
import { Notice } from "./kit.js";
import { _ } from "./texts.js";

const GOES_ON = {
  paying: () => _("You can pay once it is resumed; you will be told."),
  downloading: () => _("You can download the certificate once it is resumed; you will be told."),
  issuing: () => _("Your certificate goes on by itself once it is resumed; you will be told."),
};

/** `one` is what the engine says of an order that waits; nothing where it does not. */
export const Paused = ({ one }) => one && html`<${Notice} tone="wait"><b>${_("Issuing is paused since {time}", { time: moment(one.since) })}</b><br />${GOES_ON[one.step]()}<//>`;
