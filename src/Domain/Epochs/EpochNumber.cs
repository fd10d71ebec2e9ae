using System.Globalization;

namespace CocoonPool.Domain.Epochs;

/// <summary>The number of an epoch of a pool, from 1.</summary>
public readonly record struct EpochNumber(int Value) : IComparable<EpochNumber>
{
    public static readonly EpochNumber First = new(1);

    public EpochNumber Next => new(checked(Value + 1));

    public int CompareTo(EpochNumber other) => Value.CompareTo(other.Value);

    public static bool operator <(EpochNumber left, EpochNumber right) => left.Value < right.Value;
    public static bool operator >(EpochNumber left, EpochNumber right) => left.Value > right.Value;
    public static bool operator <=(EpochNumber left, EpochNumber right) => left.Value <= right.Value;
    public static bool operator >=(EpochNumber left, EpochNumber right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
