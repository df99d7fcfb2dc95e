"""Papers and faces that simulated people hand in: small, valid files that say they are synthetic."""

from __future__ import annotations

import functools
import hashlib
import io

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

_FACES = 16


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@functools.lru_cache(maxsize=4096)
def picture(text: str, of: str = "") -> bytes:
    """A small PNG that says what it stands for; that of another (`of`) looks otherwise."""
    image = Image.new("RGB", (480, 320), "white")
    draw = ImageDraw.Draw(image)
    # Blots of grey in the fields of a grid, so that one applicant's paper is not another's.
    shades = hashlib.sha256(f"{text}|{of}".encode()).digest()
    for place in range(32):
        left, top, grey = place % 8 * 60, place // 8 * 80, 150 + shades[place] * 100 // 255
        draw.rectangle((left, top, left + 59, top + 79), fill=(grey, grey, grey))
    draw.rectangle((8, 8, 471, 311), outline="black", width=2)
    draw.text((24, 24), f"SYNTHETIC\n{text}", fill="black")
    return _png(image)


# Where a paper that is not true bears its mark, in shares of its width and height.
_MARK = (0.80, 0.88, 0.96, 0.95)


def marked(content: bytes) -> bytes:
    """A picture with a mark by which it can be seen, on looking closely, that it is not what it says."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    wide, high = image.size
    box = (_MARK[0] * wide, _MARK[1] * high, _MARK[2] * wide, _MARK[3] * high)
    ImageDraw.Draw(image).rectangle(box, fill=(214, 40, 190))
    return _png(image)


def bears_mark(content: bytes) -> bool:
    """Whether a picture bears the mark, in whatever size or compression."""
    with Image.open(io.BytesIO(content)) as image:
        wide, high = image.size
        # The middle of the mark, so that its soft edges don't count.
        box = (round(0.84 * wide), round(0.90 * high), round(0.92 * wide), round(0.93 * high))
        spot = image.convert("RGB").crop(box).resize((1, 1), Image.Resampling.BOX)
    red, green, blue = spot.tobytes()
    return bool(red > 160 and green < 110 and blue > 130)


def form(title: str, of: str) -> bytes:
    """A paper of one form, with frame and title and eight lines of somebody's own."""
    image = Image.new("RGB", (450, 640), (255, 253, 246))
    draw = ImageDraw.Draw(image)
    draw.rectangle((22, 22, 428, 618), outline=(138, 109, 31), width=7)
    draw.text((150, 60), "SYNTHETIC", fill="black", font_size=28)
    draw.text((150, 100), title if title.isascii() else "PAPER", fill="black", font_size=18)
    own = iter(hashlib.shake_256(f"{title}|{of}".encode()).digest(256))
    for line in range(8):
        left, top = 55, 160 + 45 * line
        for _ in range(4 + next(own) % 8):
            wide = 6 + next(own) % 32
            draw.rectangle((left, top, left + wide, top + 16), fill=(20, 20, 20))
            left += wide + 8
            if left > 380:
                break
    x, y = 260 + next(own) % 60, 450 + next(own) % 50
    draw.ellipse((x, y, x + 110, y + 110), outline=(200, 20, 40), width=5)
    return _png(image)


def face(of: str = "") -> bytes:
    """A drawn face from the front, which a look at it finds good. There are sixteen of them."""
    return _face(hashlib.sha256(of.encode()).digest()[0] % _FACES)


@functools.cache
def _face(number: int) -> bytes:
    return _png(_drawn(number))


@functools.cache
def dark() -> bytes:
    """A face in a dark room."""
    return _png(ImageEnhance.Brightness(_drawn(1)).enhance(0.15))


@functools.cache
def blurred() -> bytes:
    """A face behind a shaking hand."""
    return _png(_drawn(1).filter(ImageFilter.GaussianBlur(6)))


@functools.cache
def small() -> bytes:
    """A picture with too few pixels."""
    return _png(_drawn(1).resize((90, 120)))


@functools.cache
def far() -> bytes:
    """A face across the room."""
    image = Image.new("RGB", (1400, 1400), (196, 190, 180))
    image.paste(_drawn(1), (550, 500))
    return _png(image)


@functools.cache
def no_face() -> bytes:
    """A wall."""
    return _png(Image.new("RGB", (300, 400), (196, 190, 180)))


@functools.cache
def several_faces() -> bytes:
    """Two people in one picture."""
    image = Image.new("RGB", (600, 400))
    for place in (0, 1):
        image.paste(_drawn(place + 2), (300 * place, 0))
    return _png(image)


@functools.cache
def profile() -> bytes:
    """A head seen from its side: one eye at the edge, a nose that stands out."""
    image = Image.new("RGB", (300, 400), (205, 210, 215))
    draw = ImageDraw.Draw(image)
    skin, dark_skin = (222, 178, 150), (140, 112, 94)
    draw.ellipse((40, 330, 280, 520), fill=(70, 110, 160))
    draw.rectangle((120, 260, 190, 360), fill=dark_skin)
    draw.ellipse((70, 70, 260, 300), fill=(40, 32, 30))
    draw.ellipse((60, 100, 200, 300), fill=skin)
    draw.polygon([(64, 170), (22, 220), (70, 228)], fill=skin)
    draw.ellipse((82, 168, 104, 182), fill=(245, 245, 245))
    draw.ellipse((82, 168, 92, 182), fill=(20, 15, 10))
    draw.line((64, 258, 110, 254), fill=(150, 70, 65), width=6)
    return _png(image.filter(ImageFilter.GaussianBlur(1)))


def _drawn(number: int) -> Image.Image:
    """Person `number`: colours and place differ; eyes, nose and mouth are where they belong."""
    looks = iter(hashlib.sha256(f"face {number}".encode()).digest())

    def between(least: int, most: int) -> int:
        return least + next(looks) * (most - least) // 255

    image = Image.new("RGB", (300, 400), tuple(between(150, 225) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    skin = (between(205, 235), between(165, 190), between(135, 160))
    shade = tuple(int(part * 0.62) for part in skin)
    hair = tuple(between(15, 50) for _ in range(3))
    shirt = tuple(between(40, 200) for _ in range(3))
    middle = (150 + between(-9, 9), 180 + between(-9, 9))

    def spot(
        x: float, y: float, wide: float, high: float, fill: tuple[int, ...], place: str = "ellipse"
    ) -> None:
        """An ellipse (or box) about a point of the face, in half widths and half heights of it."""
        at_x, at_y = middle[0] + x * 81, middle[1] + y * 108
        box = (at_x - wide * 81, at_y - high * 108, at_x + wide * 81, at_y + high * 108)
        draw.ellipse(box, fill=fill) if place == "ellipse" else draw.rectangle(box, fill=fill)

    spot(0, 2.1, 1.9, 0.95, shirt)
    spot(0, 0.98, 0.45, 0.38, shade, "box")
    spot(0, -0.33, 1.12, 0.88, hair)
    spot(0, 0, 1, 1, skin)
    spot(0, -0.62, 1.02, 0.52, hair)
    spot(0, -0.11, 0.86, 0.61, skin)
    for side in (-0.42, 0.42):
        spot(side, -0.13, 0.30, 0.13, shade)
        spot(side, -0.18, 0.27, 0.04, hair, "box")
        spot(side, -0.12, 0.21, 0.07, (240, 240, 240))
        spot(side, -0.12, 0.10, 0.075, (25, 18, 12))
    spot(0, 0.07, 0.08, 0.19, tuple(min(255, int(part * 1.06)) for part in skin), "box")
    for side in (-0.12, 0.12):
        spot(side, 0.26, 0.07, 0.04, shade)
    spot(0, 0.54, 0.34, 0.08, (150, 70, 65))
    spot(0, 0.54, 0.33, 0.012, (80, 30, 30))
    spot(0, 0.78, 0.3, 0.015, shade)
    return image.filter(ImageFilter.GaussianBlur(1.2))
