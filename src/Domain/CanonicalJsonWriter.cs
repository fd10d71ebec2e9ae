using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace CocoonPool.Domain;

/// <summary>
/// Writes the one form of JSON that is hashed and signed: UTF-8 without a byte order mark, member names in ordinal order,
/// no white space, integers as decimal strings, and strings escaped as RFC 8785 asks (only quote, backslash and control
/// characters; short escapes where JSON has them, else lower-case <c>\u00xx</c>). The caller writes the members in order;
/// a name that is out of order or repeated throws, so that a slip can never become a second form of the same document.
/// </summary>
public sealed class CanonicalJsonWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Stack<string?> _lastNames = new();
    private bool _needsComma;

    public CanonicalJsonWriter StartObject() => Open((byte)'{');

    public CanonicalJsonWriter EndObject() => Close((byte)'}');

    public CanonicalJsonWriter StartArray() => Open((byte)'[');

    public CanonicalJsonWriter EndArray() => Close((byte)']');

    /// <exception cref="InvalidOperationException">The name does not come after the one before it.</exception>
    public CanonicalJsonWriter Name(string name)
    {
        if (_lastNames.Pop() is { } last && string.CompareOrdinal(last, name) >= 0)
            throw new InvalidOperationException($"The member '{name}' must not come after '{last}'.");
        _lastNames.Push(name);
        Separate();
        Quote(name);
        Write(":"u8);
        _needsComma = false;
        return this;
    }

    /// <exception cref="EncoderFallbackException">The text has a lone surrogate, which UTF-8 cannot express.</exception>
    public CanonicalJsonWriter Text(string value)
    {
        Separate();
        Quote(value);
        _needsComma = true;
        return this;
    }

    public CanonicalJsonWriter Number(long value) => Text(value.ToString(CultureInfo.InvariantCulture));

    public CanonicalJsonWriter Number(BigInteger value) => Text(value.ToString(CultureInfo.InvariantCulture));

    public CanonicalJsonWriter Boolean(bool value) => Literal(value ? "true"u8 : "false"u8);

    public CanonicalJsonWriter Null() => Literal("null"u8);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private CanonicalJsonWriter Literal(ReadOnlySpan<byte> literal)
    {
        Separate();
        Write(literal);
        _needsComma = true;
        return this;
    }

    private CanonicalJsonWriter Open(byte bracket)
    {
        Separate();
        Write([bracket]);
        _lastNames.Push(null);
        _needsComma = false;
        return this;
    }

    private CanonicalJsonWriter Close(byte bracket)
    {
        _lastNames.Pop();
        Write([bracket]);
        _needsComma = true;
        return this;
    }

    private void Separate()
    {
        if (_needsComma)
            Write(","u8);
        _needsComma = false;
    }

    private void Quote(string text)
    {
        Write("\""u8);
        var plainFrom = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= ' ' and not ('"' or '\\'))
                continue;
            WriteUtf8(text.AsSpan(plainFrom, i - plainFrom));
            WriteUtf8(Escape(text[i]));
            plainFrom = i + 1;
        }

        WriteUtf8(text.AsSpan(plainFrom));
        Write("\""u8);
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)c:x4}",
    };

    private void WriteUtf8(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
            StrictUtf8.GetBytes(text, _buffer);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
