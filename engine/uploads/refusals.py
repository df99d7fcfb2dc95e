"""Why an upload is not taken, told to the person who chose it."""

from __future__ import annotations

from engine.kernel import errors, files


class KindNamed(files.FileKindRefused):
    """This is a {found} file, which cannot be taken here. Upload {allowed}."""


class Malicious(errors.InvalidInput):
    """A virus scanner would stop this file ({found}). Choose another one."""


class BrokenPicture(errors.InvalidInput):
    """This picture is damaged and cannot be read. Take it again."""


class HugePicture(errors.InvalidInput):
    """This picture has {megapixels} million pixels; at most {limit} are allowed. Make it smaller."""


class PackedWord(errors.InvalidInput):
    """This document unpacks to more than is allowed. Save it again and upload that."""


class ActiveWord(errors.InvalidInput):
    """This document contains {feature}, which is not allowed. Remove it and save it again."""


class BrokenWord(errors.InvalidInput):
    """This document is damaged and cannot be read. Save it again and upload that."""


class TooHeavy(errors.InvalidInput):
    """This file cannot be read with reasonable effort. Save it anew in a simpler form."""


class NoSuchPage(errors.InvalidInput):
    """There is no page {page}: the document has {pages}."""


class FaceTooDark(errors.InvalidInput):
    """The picture is too dark. Turn to the light and take it again."""


class FaceTooSmall(errors.InvalidInput):
    """The face is too small in the picture. Come closer and take it again."""


class FaceBlurred(errors.InvalidInput):
    """The picture is blurred. Hold the phone still and take it again."""


class NoFrontalFace(errors.InvalidInput):
    """No face is seen from the front. Look straight into the camera and take it again."""


class SeveralFaces(errors.InvalidInput):
    """Several faces are in the picture. Take it again with yourself alone."""
