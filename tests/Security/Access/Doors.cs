using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Access;

/// <summary>One way into the running host.</summary>
/// <param name="Path">A real path of the pattern, with names of things that do not exist.</param>
public sealed record Door(string Method, string Pattern, string Path, Permission? Permission, Endpoint Endpoint)
{
    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>True when a path leads here, whatever stands in the places of its parameters.</summary>
    public bool Fits(string path)
    {
        var (own, given) = (Pattern.Trim('/').Split('/'), path.Trim('/').Split('/'));
        return own.Length == given.Length && own.Zip(given).All(pair => Fits(pair.First, pair.Second));

        static bool Fits(string part, string given) => part.IndexOf('{', StringComparison.Ordinal) switch
        {
            < 0 => part == given,
            var prefix => given.Length > prefix && given.StartsWith(part[..prefix], StringComparison.Ordinal)
                && (!part.Contains(":int", StringComparison.Ordinal) || given[prefix..].All(char.IsAsciiDigit))
                && (!part.Contains(":guid", StringComparison.Ordinal) || Guid.TryParse(given[prefix..], out _)),
        };
    }

    /// <summary>Every endpoint of the host, also those that the API's document leaves out.</summary>
    public static IReadOnlyList<Door> Of(PoolUnderAttack pool, string participant) =>
        [.. pool.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .DistinctBy(e => (e.RoutePattern.RawText, string.Join(',', Methods(e))))
            .SelectMany(e => Methods(e).Select(method => new Door(
                method, "/" + e.RoutePattern.RawText!.TrimStart('/'), PathOf(e.RoutePattern, participant), e.Metadata.GetMetadata<RequiredPermission>()?.Permission, e)))
            .OrderBy(d => d.Pattern, StringComparer.Ordinal).ThenBy(d => d.Method, StringComparer.Ordinal)];

    private static IReadOnlyList<string> Methods(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } some ? some : ["GET"];

    private static string PathOf(RoutePattern pattern, string participant) => "/" + string.Join('/', pattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => ValueOf(parameter, participant),
        _ => "",
    }))));

    private static string ValueOf(RoutePatternParameterPart parameter, string participant) =>
        parameter.ParameterPolicies.Any(p => p.Content is "int" or "long") ? "999999"
        : parameter.ParameterPolicies.Any(p => p.Content == "guid") ? "00000000-0000-0000-0000-000000000001"
        : parameter.Name switch
        {
            "address" => participant,
            "documentName" => "v1",
            _ => "nobody",
        };
}
