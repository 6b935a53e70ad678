"""Refusals in the shape of OpenAI's errors, which its clients know to read. It knows no routes."""

from starlette.responses import JSONResponse

KINDS = {401: "authentication_error", 429: "rate_limit_error", 500: "server_error", 503: "server_error"}


class Refusal(Exception):
    """Something that is answered with an error. `param`: the field that is wrong."""

    def __init__(
        self, message: str, status: int = 400, *, param: str | None = None, retry_after: float | None = None
    ):
        super().__init__(message)
        self.status, self.param, self.retry_after = status, param, retry_after


def refused(refusal: Refusal) -> JSONResponse:
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    error = {
        "message": str(refusal),
        "type": KINDS.get(refusal.status, "invalid_request_error"),
        "param": refusal.param,
        "code": "invalid_api_key" if refusal.status == 401 else None,
    }
    return JSONResponse({"error": error}, refusal.status, headers)
