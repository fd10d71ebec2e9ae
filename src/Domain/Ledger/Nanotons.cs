using System.Globalization;
using System.Numerics;

namespace CocoonPool.Domain.Ledger;

/// <summary>
/// An amount of money in nanoTON (1 TON = 10^9 nanoTON). All arithmetic is checked: an overflow is a bug and throws
/// <see cref="OverflowException"/>. The whole supply of TON is about 5.1 × 10^18 nanoTON and fits in a signed 64-bit integer.
/// </summary>
public readonly record struct Nanotons(long Value) : IComparable<Nanotons>
{
    /// <summary>How many nanoTON make one TON.</summary>
    public const long PerTon = 1_000_000_000;

    public static readonly Nanotons Zero;

    public bool IsPositive => Value > 0;
    public bool IsNegative => Value < 0;

    /// <summary>A whole number of TON.</summary>
    public static Nanotons FromTon(long ton) => new(checked(ton * PerTon));

    public static Nanotons operator +(Nanotons left, Nanotons right) => new(checked(left.Value + right.Value));
    public static Nanotons operator -(Nanotons left, Nanotons right) => new(checked(left.Value - right.Value));
    public static Nanotons operator -(Nanotons amount) => new(checked(-amount.Value));
    public static bool operator <(Nanotons left, Nanotons right) => left.Value < right.Value;
    public static bool operator >(Nanotons left, Nanotons right) => left.Value > right.Value;
    public static bool operator <=(Nanotons left, Nanotons right) => left.Value <= right.Value;
    public static bool operator >=(Nanotons left, Nanotons right) => left.Value >= right.Value;

    public static Nanotons Min(Nanotons left, Nanotons right) => left <= right ? left : right;
    public static Nanotons Max(Nanotons left, Nanotons right) => left >= right ? left : right;

    public static Nanotons Sum(IEnumerable<Nanotons> amounts)
    {
        var sum = Zero;
        foreach (var amount in amounts)
            sum += amount;
        return sum;
    }

    /// <summary>floor(this × numerator ÷ denominator), computed without intermediate overflow. For amounts that are not negative.</summary>
    public Nanotons MultiplyFloor(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Value);
        return new(checked((long)(Value * numerator / denominator)));
    }

    /// <summary>floor(this × basis points ÷ 10,000).</summary>
    public Nanotons BasisPointsFloor(int basisPoints) => MultiplyFloor(basisPoints, 10_000);

    public int CompareTo(Nanotons other) => Value.CompareTo(other.Value);

    /// <summary>The exact amount in TON, without trailing zeros: <c>1.5</c>, <c>0.000000001</c>, <c>-3</c>.</summary>
    public string ToTonString()
    {
        var magnitude = BigInteger.Abs(Value);
        var whole = magnitude / PerTon;
        var fraction = (magnitude % PerTon).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        var sign = Value < 0 ? "-" : "";
        return fraction.Length == 0 ? $"{sign}{whole}" : $"{sign}{whole}.{fraction}";
    }

    /// <summary>Reads an exact decimal number of TON with at most nine decimals, such as <c>12.345</c>.</summary>
    public static bool TryParseTon(string? text, out Nanotons amount)
    {
        amount = default;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ton))
            return false;
        if (ton is > 9_000_000_000m or < -9_000_000_000m)
            return false;
        var nano = ton * PerTon;
        if (nano != decimal.Truncate(nano))
            return false;
        amount = new((long)nano);
        return true;
    }

    /// <summary>Reads a whole number of nanoTON in canonical form (no sign but '-', no leading zeros, no space).</summary>
    public static bool TryParse(string? text, out Nanotons amount)
    {
        amount = default;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return false;
        amount = new(value);
        return string.Equals(amount.ToString(), text, StringComparison.Ordinal);
    }

    /// <summary>The whole number of nanoTON, as in fields that end in <c>_nano</c>.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
