using CocoonPool.Domain.Routing;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>A client's request: what the gateway has to know of its body, and what its headers demand. The body itself travels on as it came.</summary>
/// <param name="Route"><c>chat/completions</c> or <c>completions</c>.</param>
public sealed record InferenceRequest(string Route, byte[] Body, BodyFacts Facts, RequestWishes Wishes)
{
    public string Model => Facts.Model;

    public bool Stream => Facts.Stream;

    /// <summary>What its worker has to fulfil under the model's settings.</summary>
    public RouteNeeds Needs(ModelTerms terms) => Wishes.IsPlain && terms.MinVramGb == 0 && Facts.LeastContextTokens <= 0
        ? RouteNeeds.None
        : new(Facts.LeastContextTokens, Wishes.Region, Wishes.Attestation, Wishes.MaxCoefficient, terms.MinVramGb);

    /// <exception cref="ApiException">The body is no request of this route, or a header is wrong; the message says what.</exception>
    public static InferenceRequest Of(string route, byte[] body, IHeaderDictionary headers) =>
        new(route, body, BodyScan.Read(route, body), RequestWishes.Of(headers));
}

/// <summary>What a client may demand in headers; without them everything is as usual.</summary>
/// <param name="Wait">How long the request may wait for a worker.</param>
public sealed record RequestWishes(
    RequestPriority Priority = RequestPriority.Normal, string? Region = null, string? Attestation = null, int? MaxCoefficient = null, TimeSpan? Wait = null)
{
    private static readonly RequestWishes None = new();

    /// <summary>No constraint on the worker.</summary>
    public bool IsPlain => Region is null && Attestation is null && MaxCoefficient is null;

    /// <exception cref="ApiException">A header has a value that nothing is known for.</exception>
    public static RequestWishes Of(IHeaderDictionary headers)
    {
        var wishes = None;
        if (Value(headers, "X-Priority") is { } priority)
            wishes = wishes with { Priority = RequestPriorities.TryParse(priority, out var known) ? known : throw ApiException.Invalid("X-Priority is low, normal or high.") };
        if (Value(headers, "X-Region") is { } region)
            wishes = wishes with { Region = region };
        if (Value(headers, "X-Require-Attestation") is { } attestation)
            wishes = wishes with { Attestation = attestation };
        if (Value(headers, "X-Max-Coefficient") is { } coefficient)
            wishes = wishes with { MaxCoefficient = Number("X-Max-Coefficient", coefficient, "the highest price in thousandths: 1200 is 1.2 times the base price") };
        if (Value(headers, "X-Max-Wait-Ms") is { } wait)
            wishes = wishes with { Wait = TimeSpan.FromMilliseconds(Number("X-Max-Wait-Ms", wait, "how many milliseconds the request may wait for a worker")) };
        return wishes;
    }

    private static string? Value(IHeaderDictionary headers, string name) => headers[name] is [{ Length: > 0 and <= 64 } value] ? value : null;

    private static int Number(string name, string text, string meaning) =>
        int.TryParse(text, out var number) && number >= 0 ? number : throw ApiException.Invalid($"{name} is {meaning}.");
}
