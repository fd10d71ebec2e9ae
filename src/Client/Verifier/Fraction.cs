using System.Numerics;

namespace CocoonPool.Verifier;

/// <summary>An exact fraction in lowest terms. The pool brings scores over one common denominator; here each keeps its own.</summary>
internal readonly struct Fraction
{
    private readonly BigInteger _denominatorLessOne;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - 1;
    }

    public static Fraction Zero { get; }

    public BigInteger Numerator { get; }

    /// <summary>Always positive; kept less one so that the default value is a proper zero.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    public BigInteger Floor => BigInteger.DivRem(Numerator, Denominator, out var rest) - (rest.Sign < 0 ? 1 : 0);

    public Fraction FractionalPart => this - new Fraction(Floor, 1);

    public static Fraction operator +(Fraction left, Fraction right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) =>
        new((left.Numerator * right.Denominator) - (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Fraction operator /(Fraction left, Fraction right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static IComparer<Fraction> ByValue { get; } =
        Comparer<Fraction>.Create((left, right) => (left.Numerator * right.Denominator).CompareTo(right.Numerator * left.Denominator));

    public override string ToString() => Denominator.IsOne ? Numerator.ToString() : $"{Numerator}/{Denominator}";
}
