namespace CocoonPool.Grains;

/// <summary>
/// The answer to a command: done, or refused with a named code and words that say what to do. A refusal is an expected
/// answer; exceptions are for bugs and broken infrastructure.
/// </summary>
/// <param name="Refusal">Null when the command was carried out (or had been carried out before); else a code such as <c>stake_below_tier</c>.</param>
/// <param name="Message">What happened and what the caller can do about it.</param>
[GenerateSerializer, Immutable, Alias("cocoon.Outcome")]
public sealed record Outcome([property: Id(0)] string? Refusal, [property: Id(1)] string Message)
{
    public static readonly Outcome Done = new(null, "done");

    public bool Accepted => Refusal is null;

    public static Outcome Refused(string code, string message) => new(code, message);

    /// <summary>The answer of another command without its value.</summary>
    public static Outcome From<T>(Outcome<T> outcome)
        where T : class => new(outcome.Refusal, outcome.Message);
}

/// <summary>Like <see cref="Outcome"/>, with a value when the command was carried out.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.Outcome`1")]
public sealed record Outcome<T>([property: Id(0)] T? Value, [property: Id(1)] string? Refusal, [property: Id(2)] string Message)
    where T : class
{
    public bool Accepted => Refusal is null;

    public static Outcome<T> Done(T value) => new(value, null, "done");

    public static Outcome<T> Refused(string code, string message) => new(null, code, message);

    /// <summary>The refusal of another command, handed on.</summary>
    public static Outcome<T> From(Outcome refused) => new(null, refused.Refusal, refused.Message);
}
