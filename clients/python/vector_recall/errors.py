"""What a call may fail with."""

import grpc


class RecallError(Exception):
    """Raised when a call, or one entry of a batch, was not answered. Its text is one sentence."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def from_rpc(target: str, error: grpc.RpcError) -> RecallError:
    code, details = error.code(), error.details()
    return RecallError(code, f"The call to {target} failed: {code.name}: {details}")


def from_entry(number: int, message: str) -> RecallError:
    """The error of one entry of a batch; `number` is its gRPC status code."""
    code = next((status for status in grpc.StatusCode if status.value[0] == number), grpc.StatusCode.UNKNOWN)
    return RecallError(code, message)
