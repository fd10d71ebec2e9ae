using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Metering;

/// <summary>What a model costs at coefficient 1.0, in nanoTON per million tokens. Cached tokens are part of the prompt and have their own price.</summary>
public sealed record TokenPrice(Nanotons Prompt, Nanotons Cached, Nanotons Completion)
{
    public static readonly TokenPrice Free = new(Nanotons.Zero, Nanotons.Zero, Nanotons.Zero);

    private const long Tokens = 1_000_000;

    /// <summary>A worker's coefficient that stands for 1.0.</summary>
    private const int One = 1_000;

    public bool IsFree => !Prompt.IsPositive && !Cached.IsPositive && !Completion.IsPositive;

    /// <summary>The charge for one answer: the exact sum over the classes, rounded up once to a whole nanoTON.</summary>
    /// <param name="coefficient">The worker's price in thousandths.</param>
    /// <exception cref="OverflowException">The charge does not fit in 64 bits.</exception>
    public Nanotons Of(TokenCounts tokens, int coefficient)
    {
        var units = checked(((Int128)(tokens.Prompt - tokens.Cached) * Prompt.Value + (Int128)tokens.Cached * Cached.Value
            + (Int128)tokens.Completion * Completion.Value) * coefficient);
        const long scale = Tokens * One;
        return new(checked((long)((units + scale - 1) / scale)));
    }

    /// <summary>What an answer can cost at most, when neither its tokens nor its worker are known yet.</summary>
    public Nanotons AtMost(long promptTokens, long completionTokens, int highestCoefficient)
    {
        var highest = this with { Prompt = Nanotons.Max(Prompt, Cached) };
        return highest.Of(new(promptTokens, 0, completionTokens, 0), highestCoefficient);
    }
}
