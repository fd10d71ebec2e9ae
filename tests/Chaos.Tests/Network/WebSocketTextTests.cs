using System.Text;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Network;

namespace CocoonPool.Chaos.Tests.Network;

public sealed class WebSocketTextTests
{
    private const string Handshake = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    private readonly List<string> _heard = [];
    private bool _isUnreadable;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void Messages_AreHeard_HoweverTheBytesAreCut(int piece)
    {
        var longText = new string('x', 70_000);
        byte[] bytes = [.. Bytes(Handshake), .. Frame(1, "short"), .. Frame(9, "ping"), .. Frame(1, new string('y', 300)), .. Frame(1, longText)];

        Listen(bytes, piece);

        _heard.ShouldBe(["short", new string('y', 300), longText]);
    }

    [Fact]
    public void MessageInParts_WithAPingBetween_IsOne()
    {
        Listen([.. Bytes(Handshake), .. Frame(1, "half ", isLast: false), .. Frame(9, "ping"), .. Frame(0, "and half")], 5);

        _heard.ShouldBe(["half and half"]);
    }

    [Fact]
    public void PlainHttp_IsNotListenedTo()
    {
        Listen([.. Bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), .. Frame(1, "not this")], 64);

        _heard.ShouldBeEmpty();
        _isUnreadable.ShouldBeFalse();
    }

    [Fact]
    public void Compression_IsTold_BecauseThenNothingCanBeHeard()
    {
        Listen(Bytes("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"), 64);

        _isUnreadable.ShouldBeTrue();
    }

    [Fact]
    public void ReceiptBook_KeepsWhatWasAcknowledgedAndRefused()
    {
        var book = new ReceiptBook();
        var listener = book.Listen();

        listener.Hear(Bytes(Handshake));
        listener.Hear(Frame(1, """{"type":"assign","task":"t1","ticket":"\"ack\""}"""));
        listener.Hear(Frame(1, """{"type":"ack","root":"cm9vdA==","receipts":["t1","t2"],"refused":[{"task":"t3","code":"times_invalid","message":"…"}]}"""));

        book.Acknowledged.Order(StringComparer.Ordinal).ShouldBe(["t1", "t2"]);
        book.Refused["t3"].ShouldBe("times_invalid");
    }

    private void Listen(byte[] bytes, int piece)
    {
        var text = new WebSocketText(_heard.Add, () => _isUnreadable = true);
        for (var at = 0; at < bytes.Length; at += piece)
            text.Hear(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Frame(int opcode, string text, bool isLast = true)
    {
        var payload = Bytes(text);
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)payload.Length],
            < 65_536 => [126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        return [(byte)(opcode | (isLast ? 0x80 : 0)), .. length, .. payload];
    }
}
