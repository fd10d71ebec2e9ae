namespace CocoonPool.Domain.Routing;

/// <summary>What a request demands of its worker, before any policy chooses.</summary>
/// <param name="ContextTokens">Prompt and answer have to fit into this many tokens, as far as can be told without a tokenizer.</param>
/// <param name="Region">A wish that is kept: only workers of this region.</param>
/// <param name="Attestation">The kind of attestation the client insists on, such as <c>tdx</c>.</param>
/// <param name="MaxCoefficient">The highest price the client accepts, in thousandths.</param>
/// <param name="MinVramGb">From the model's configuration.</param>
public sealed record RouteNeeds(
    long ContextTokens = 0, string? Region = null, string? Attestation = null, int? MaxCoefficient = null, int MinVramGb = 0)
{
    public static readonly RouteNeeds None = new();
}

/// <summary>What is known of a worker that offers the model.</summary>
public readonly record struct RouteFacts(int MaxContextLength, int VramGb, string Region, string Attestation, int Coefficient);

/// <summary>Why a worker can not take a request. The number is not stored.</summary>
public enum RouteRefusal
{
    ContextTooShort = 1,
    VramTooSmall = 2,
    OtherRegion = 3,
    NotAttested = 4,
    TooExpensive = 5,

    /// <summary>Its circuit breaker is open.</summary>
    Failing = 6,

    NoFreeSlot = 7,
}

/// <summary>The constraints that hold for as long as worker and request stay what they are.</summary>
public static class RouteConstraints
{
    /// <summary>The first constraint that does not hold, or null.</summary>
    public static RouteRefusal? Check(in RouteFacts facts, RouteNeeds needs)
    {
        if (needs.ContextTokens > facts.MaxContextLength)
            return RouteRefusal.ContextTooShort;
        if (needs.MinVramGb > facts.VramGb)
            return RouteRefusal.VramTooSmall;
        if (needs.Region is not null && !string.Equals(needs.Region, facts.Region, StringComparison.OrdinalIgnoreCase))
            return RouteRefusal.OtherRegion;
        if (needs.Attestation is not null && !string.Equals(needs.Attestation, facts.Attestation, StringComparison.OrdinalIgnoreCase))
            return RouteRefusal.NotAttested;
        return needs.MaxCoefficient < facts.Coefficient ? RouteRefusal.TooExpensive : null;
    }
}
