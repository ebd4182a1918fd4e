"""The fields of the form that a request sends, or why its body is no form."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request

MEDIA_TYPE = "application/x-www-form-urlencoded"
# The bytes of a form, and the number of its fields.
MAX_BYTES, MAX_FIELDS = 32_768, 200


class FormError(Exception):
    """A body that is no form: the reason, and the status of the answer.

    It has nothing of the body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read(request: "Request") -> dict[str, str]:
    """The fields of the form, each with its value. Raises FormError where it has none to trust."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != MEDIA_TYPE:
        raise FormError(415, "Only application/x-www-form-urlencoded is read here.")
    if request.url.query:
        raise FormError(400, "The address of a form takes no parameters.")
    body = await _body(request)
    try:
        given = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise FormError(400, "The form is no text in UTF-8.") from None
    except ValueError:
        raise FormError(413, "The form has too many fields.") from None
    fields = dict(given)
    if len(fields) < len(given):
        raise FormError(400, "The form has two values for one field.")
    return fields


async def _body(request: "Request") -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise FormError(413, "The form is too long.")
    return body
