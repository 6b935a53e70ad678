"""A connection that ends where what comes is no HTTP, in the middle of an answer too. It knows uvicorn, no routes."""

from h11 import LocalProtocolError
from uvicorn.protocols.http.h11_impl import H11Protocol


class HttpConnection(H11Protocol):
    """uvicorn's, but for noise behind a request that is being answered: it would raise, and the answer after it."""

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        try:
            super().send_400_response(msg)
        except LocalProtocolError:  # an answer has begun, or takes no body
            self.transport.close()
