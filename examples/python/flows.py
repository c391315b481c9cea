"""Whole series of trade as a pandas table, exact and never counted twice: `python flows.py 127.0.0.1:50551`."""

# README: from here
import decimal, sys, zlib, grpc, numpy as np, pandas as pd
from entrepot.trade.v1 import trade_pb2 as pb, trade_pb2_grpc as rpc

TEXTS, NUMBERS = ["reporter", "flow", "period", "partner", "commodity"], ["value_milli", "net_weight_gram"]
CUT = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

def flows(stub, filter, totals=False, chunk_rows=0, attempts=5):
    """A table of the facts, or the `Emptiness` that says why there are none. Parts or totals, never both in one table."""
    where, frames, sums, token = pb.FlowFilter(), [], [0, 0], ""
    where.CopyFrom(filter)
    where.parts_only, where.totals_only = not totals, totals  # World, TOTAL and chapters would stand beside their parts
    for _ in range(attempts):  # a stream that ends without `end` was cut: go on behind the last chunk
        try:
            request = pb.StreamFlowsRequest(filter=where, resume_token=token, chunk_rows=chunk_rows)
            for message in stub.StreamFlows(request):
                if message.HasField("end"):
                    end, came = message.end, (sum(map(len, frames)), *sums)
                    if (end.row_count, end.value_checksum, end.net_weight_checksum) != came:
                        raise ValueError(f"rows and checksums {came} are not those of the end: {end}")
                    return pd.concat(frames, ignore_index=True) if frames else end.emptiness
                chunk, frame = message.chunk, {}
                for name in TEXTS:
                    column = getattr(chunk, name)
                    frame[name] = np.array(column.dictionary, object)[list(column.indexes)]
                for i, name in enumerate(NUMBERS):
                    column, values = getattr(chunk, name), np.zeros(chunk.row_count, "<i8")
                    known = np.full(chunk.row_count, chunk.HasField(name))  # no column: unknown in every row
                    if known.all(): values[:] = column.values
                    if column.known:  # no bits: known in every row
                        known = np.unpackbits(np.frombuffer(column.known, "u1"), bitorder="little")[:chunk.row_count] == 1
                    sums[i] = zlib.crc32(values.tobytes(), sums[i])
                    frame[name] = pd.arrays.IntegerArray(values, ~known)  # unknown is <NA>, not zero
                frames.append(pd.DataFrame(frame)); token = chunk.resume_token
        except grpc.RpcError as error:
            if error.code() not in CUT: raise
    raise RuntimeError("the stream was cut too often")

def exact(thousandths):
    """Thousandths as a decimal, never as a float."""
    return None if pd.isna(thousandths) else decimal.Decimal(int(thousandths)).scaleb(-3)

if __name__ == "__main__":
    stub = rpc.TradeServiceStub(grpc.insecure_channel(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50551"))
    table = flows(stub, pb.FlowFilter(reporters=["RUS"], flows=["X"], start_period="2024", end_period="2024"))
    print(table, "in all", exact(table["value_milli"].sum()), "USD")  # parts alone: what came may be added up
# README: to here
