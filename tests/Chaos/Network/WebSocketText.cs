using System.Buffers.Binary;
using System.Text;

namespace CocoonPool.Chaos.Network;

/// <summary>
/// Reads the text messages that a server sends over a WebSocket (RFC 6455), from the bytes of the connection. A server does not mask its
/// frames. Connections that stay plain HTTP are not looked at.
/// </summary>
/// <param name="message">Called for each whole text message.</param>
/// <param name="unreadable">Called when the messages are compressed: then nothing here can be heard, and whoever counts on it must know.</param>
public sealed class WebSocketText(Action<string> message, Action unreadable) : IListener
{
    private const string HeaderEnd = "\r\n\r\n";
    private const int MostHeaderBytes = 16 * 1024;

    private readonly List<byte> _message = [];
    private byte[] _unread = [];
    private bool _isOpen;
    private bool _isDeaf;
    private bool _isText;

    public void Hear(ReadOnlySpan<byte> bytes)
    {
        if (_isDeaf)
            return;
        _unread = [.. _unread, .. bytes];
        if (_isOpen || Opens())
        {
            while (!_isDeaf && ReadFrame())
            {
                // Until a frame is not whole yet.
            }
        }
    }

    /// <summary>The answer to the handshake ends with an empty line; the frames begin behind it.</summary>
    private bool Opens()
    {
        var text = Encoding.Latin1.GetString(_unread, 0, Math.Min(_unread.Length, MostHeaderBytes));
        var end = text.IndexOf(HeaderEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            _isDeaf = _unread.Length > MostHeaderBytes;
            return false;
        }

        if (!text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            _isDeaf = true;
            return false;
        }

        if (text[..end].Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase))
        {
            _isDeaf = true;
            unreadable();
            return false;
        }

        _unread = _unread[(end + HeaderEnd.Length)..];
        return _isOpen = true;
    }

    private bool ReadFrame()
    {
        if (_unread.Length < 2)
            return false;
        var (isLast, opcode, shortLength) = ((_unread[0] & 0x80) != 0, _unread[0] & 0x0f, _unread[1] & 0x7f);
        var header = shortLength switch { 126 => 4, 127 => 10, _ => 2 };
        if (_unread.Length < header)
            return false;
        var length = shortLength switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_unread.AsSpan(2)),
            127 => checked((int)BinaryPrimitives.ReadUInt64BigEndian(_unread.AsSpan(2))),
            _ => shortLength,
        };
        if (_unread.Length < header + length)
            return false;
        Take(opcode, isLast, _unread.AsSpan(header, length));
        _unread = _unread[(header + length)..];
        return true;
    }

    private void Take(int opcode, bool isLast, ReadOnlySpan<byte> payload)
    {
        // Pings and the like come between the parts of a message and are none of it.
        if (opcode > 2)
            return;
        if (opcode != 0)
        {
            _isText = opcode == 1;
            _message.Clear();
        }

        _message.AddRange(payload);
        if (isLast && _isText)
            message(Encoding.UTF8.GetString([.. _message]));
    }
}
