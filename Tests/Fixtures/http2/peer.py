"""An HTTP/2 server and an HPACK encoder that are not ours, for tests to compare with.

    peer.py blocks SEED COUNT    lists of header fields, encoded with one table
    peer.py serve                answers the bytes of the client in requests.txt

What it prints is lines of words; bytes are written in hexadecimal digits, and texts as the digits of their bytes.
"""

import random
import sys

import h2.config
import h2.connection
import h2.events
import h2.settings
import hpack


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return data.hex() or "-"


def blocks(seed, count):
    """Prints for each block its bytes and then its fields."""
    chance = random.Random(seed)
    encoder = hpack.Encoder()
    names = [":status", "date", "content-type", "x-request-id", "set-cookie", "server", "via", "cache-control"]
    for _ in range(count):
        if chance.random() < 0.05:
            encoder.header_table_size = chance.choice([0, 64, 200, 1000, 4096])
        fields = []
        for _ in range(chance.randrange(12)):
            name = chance.choice(names)
            if chance.random() < 0.3:
                name = "x-" + "".join(chance.choices("abcdefghij-", k=chance.randrange(1, 12)))
            size = chance.choice([0, 1, 3, 20, 200, 2000])
            alphabet = bytes(range(256)) if chance.random() < 0.3 else b"abc 0123456789-./=;ABC"
            value = bytes(chance.choice(alphabet) for _ in range(chance.randrange(size + 1)))
            if chance.random() < 0.5:
                value = b"stable"
            kind = hpack.NeverIndexedHeaderTuple if chance.random() < 0.1 else hpack.HeaderTuple
            fields.append(kind(name.encode(), value))
        block = encoder.encode(fields, huffman=chance.random() < 0.7)
        print(text(block), *(f"{text(name)}:{text(value)}" for name, value in fields))


def serve():
    """Replays a conversation: prints what was asked, and after each line of the client what the server sends."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))
    connection.initiate_connection()
    # Little room, so that bodies have to wait for it; it shrinks while the first of them are on their way.
    connection.update_settings(
        {
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 20_000,
            h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 50,
            h2.settings.SettingCodes.HEADER_TABLE_SIZE: 256,
        }
    )
    bodies = {}
    waiting = {}

    def send():
        """Sends as much of the answers as the client has room for, with padding now and then."""
        for stream in list(waiting):
            while True:
                room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size) - 10
                piece, waiting[stream] = waiting[stream][: max(0, room)], waiting[stream][max(0, room) :]
                if piece:
                    connection.send_data(stream, piece, pad_length=stream % 5 or None)
                if not waiting[stream]:
                    connection.send_headers(stream, [(b"x-trailer", b"t")], end_stream=True)
                    del waiting[stream]
                    break
                if room <= 0:
                    break

    with open("requests.txt", encoding="ascii") as lines:
        for line in lines:
            for event in connection.receive_data(bytes.fromhex(line.strip())):
                if isinstance(event, h2.events.RequestReceived):
                    bodies[event.stream_id] = b""
                    print("asked", event.stream_id, *(f"{text(n)}:{text(v)}" for n, v in event.headers))
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamReset):
                    print("reset", event.stream_id, int(event.error_code))
                elif isinstance(event, h2.events.StreamEnded):
                    stream = event.stream_id
                    print("body", stream, len(bodies[stream]), text(bodies[stream][:16]))
                    # Larger than one frame, and than the client's windows for some.
                    answer = b"%d" % stream * (1 + stream * stream * 20)
                    connection.send_headers(stream, [(b":status", b"103"), (b"link", b"</x>")])
                    connection.send_headers(
                        stream,
                        [(b":status", b"200"), (b"content-length", b"%d" % len(answer)), (b"x-stream", b"%d" % stream)],
                    )
                    waiting[stream] = answer
            send()
            print("sends", text(connection.data_to_send()))


if sys.argv[1] == "blocks":
    blocks(int(sys.argv[2]), int(sys.argv[3]))
else:
    serve()
