using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CocoonPool.Engine.Local;

/// <summary>The identity of a grain: its type's stable name and its key, printed as <c>type/key</c> as Orleans does.</summary>
public readonly record struct GrainId(string Type, string Key)
{
    private const char Separator = '/';

    /// <summary>The identity made of the two parts.</summary>
    public static GrainId Create(string grainType, string key) => new(grainType, key);

    /// <summary>Reads the text of <see cref="ToString"/>; the key may contain slashes, the type may not.</summary>
    /// <exception cref="FormatException">There is no slash, or nothing on one side of the first.</exception>
    public static GrainId Parse(string value)
    {
        var at = value.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && at < value.Length - 1
            ? new GrainId(value[..at], value[(at + 1)..])
            : throw new FormatException($"'{value}' is not a grain id.");
    }

    /// <summary>The stable hash that places the grain's reminders in the reminder table's ring.</summary>
    public uint GetUniformHashCode() => StableHash.Compute(Encoding.UTF8.GetBytes(Type)) * 31 + StableHash.Compute(Encoding.UTF8.GetBytes(Key));

    public override string ToString() => $"{Type}{Separator}{Key}";

    internal static string KeyOf(long key) => key.ToString("X", CultureInfo.InvariantCulture);

    internal static string KeyOf(Guid key) => key.ToString("N");

    /// <summary>Whether the key reads as an integer. A string key such as "beef" does too; the storage key format depends on it.</summary>
    internal bool TryGetInteger(out long value, out string? extension)
    {
        var (number, rest) = Split(Key.IndexOf('+', StringComparison.Ordinal));
        extension = rest;
        var utf8 = Encoding.UTF8.GetBytes(number);
        return Utf8Parser.TryParse(utf8, out value, out var read, 'X') && read == utf8.Length;
    }

    /// <summary>Whether the key reads as a GUID of 32 hexadecimal digits, alone or before a plus sign.</summary>
    internal bool TryGetGuid(out Guid value, out string? extension)
    {
        const int Digits = 32;
        value = default;
        extension = null;
        if (Key.Length < Digits || (Key.Length > Digits && Key[Digits] != '+')) return false;
        (var digits, extension) = Split(Key.Length > Digits ? Digits : -1);
        return Guid.TryParseExact(digits, "N", out value);
    }

    private (string Before, string? After) Split(int at) => at < 0 ? (Key, null) : (Key[..at], Key[(at + 1)..]);
}
