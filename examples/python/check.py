"""Runs the client of flows.py against a server with the sample: `python check.py 127.0.0.1:50551`."""

import sys

import grpc

from flows import exact, flows, pb, rpc


class Cut(grpc.RpcError):
    """What grpc raises when a connection is lost."""

    def code(self):
        return grpc.StatusCode.UNAVAILABLE


class CutStub:
    """A stub whose streams break after two chunks, once with an error, once without a word, then not any more."""

    def __init__(self, stub):
        self.stub, self.streams = stub, 0

    def StreamFlows(self, request):
        self.streams += 1
        for index, message in enumerate(self.stub.StreamFlows(request)):
            if index == 2 and self.streams == 1:
                raise Cut()
            if index == 2 and self.streams == 2:
                return
            yield message


class DoublingStub:
    """A stub that hands out its first chunk twice."""

    def __init__(self, stub):
        self.stub = stub

    def StreamFlows(self, request):
        for index, message in enumerate(self.stub.StreamFlows(request)):
            yield message
            if index == 0:
                yield message


stub = rpc.TradeServiceStub(grpc.insecure_channel(sys.argv[1]))
where = pb.FlowFilter(reporters=["RUS"], flows=["M"], start_period="2021", end_period="2024")
whole = flows(stub, where)
assert len(whole) > 400 and not (whole["partner"] == "WLD").any(), whole
assert not where.parts_only, "the caller's filter stays as it was"

# The sum of the rows is the service's own, to the last digit. By partner: the world that the IMF publishes is rounded by itself.
summary = stub.SummarizeFlows(pb.SummarizeFlowsRequest(filter=where, group_by=[pb.DIMENSION_PARTNER]))
total = exact(whole["value_milli"].sum())
assert str(total.normalize()) == summary.total.value.value, (total, summary.total)

# A stream that is cut twice loses and doubles nothing.
cut = CutStub(stub)
assert flows(cut, where, chunk_rows=50).equals(whole) and cut.streams == 3, cut.streams

# What came twice is noticed.
try:
    flows(DoublingStub(stub), where, chunk_rows=50)
    raise SystemExit("a chunk that came twice was not noticed")
except ValueError as error:
    assert "checksums" in str(error), error

# An empty answer says why.
nothing = flows(stub, pb.FlowFilter(reporters=["RUS"], flows=["M"], start_period="1950", end_period="1950"))
assert nothing.detail, nothing
print(f"{len(whole)} rows, {total} USD, with and without cuts")
