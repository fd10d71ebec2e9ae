namespace CocoonPool.Domain.Contributions;

/// <summary>The tokens of one task as an OpenAI <c>usage</c> object counts them: cached tokens are part of the prompt, reasoning of the completion.</summary>
public readonly record struct TokenCounts(long Prompt, long Cached, long Completion, long Reasoning)
{
    /// <summary>0 ≤ cached ≤ prompt and 0 ≤ reasoning ≤ completion.</summary>
    public bool IsValid => Cached >= 0 && Cached <= Prompt && Reasoning >= 0 && Reasoning <= Completion;
}

/// <summary>How much a token of each class counts, in ten-thousandths; Cocoon's defaults.</summary>
public sealed record TokenMultipliers(int Prompt = 10_000, int Cached = 1_000, int Completion = 80_000, int Reasoning = 80_000);

/// <summary>
/// Tokens made comparable: Cocoon's rule <c>trunc(n × multiplier ÷ 10000 × coefficient ÷ 1000)</c> for each of the classes
/// prompt − cached, cached, completion − reasoning and reasoning, then added. Each class is truncated once, after the
/// exact product. Cocoon itself multiplies in floating point before it truncates, which can fall one short of the exact rule.
/// </summary>
public static class AdjustedTokens
{
    private const long Scale = 10_000L * 1_000L;

    /// <param name="coefficient">The worker's price, 1000 = 1.0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The counts contradict themselves, or a multiplier or the coefficient is negative.</exception>
    /// <exception cref="OverflowException">The result does not fit in 64 bits.</exception>
    public static long Of(TokenCounts tokens, TokenMultipliers multipliers, int coefficient)
    {
        if (!tokens.IsValid)
            throw new ArgumentOutOfRangeException(nameof(tokens), tokens, "Token counts need 0 <= cached <= prompt and 0 <= reasoning <= completion.");
        ArgumentOutOfRangeException.ThrowIfNegative(coefficient);
        return checked(
            Class(tokens.Prompt - tokens.Cached, multipliers.Prompt, coefficient)
            + Class(tokens.Cached, multipliers.Cached, coefficient)
            + Class(tokens.Completion - tokens.Reasoning, multipliers.Completion, coefficient)
            + Class(tokens.Reasoning, multipliers.Reasoning, coefficient));
    }

    private static long Class(long count, int multiplier, int coefficient)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(multiplier);
        return checked((long)((Int128)count * multiplier * coefficient / Scale));
    }
}
