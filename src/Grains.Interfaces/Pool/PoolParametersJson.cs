using System.Text.Json;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

/// <summary>The one text form of the pool's parameters, in grain calls and in storage.</summary>
public static class PoolParametersJson
{
    public static string Write(PoolParameters parameters) => JsonSerializer.Serialize(parameters, DomainJson.Options);

    public static string Write(ParameterChange change) => JsonSerializer.Serialize(change, DomainJson.Options);

    /// <exception cref="JsonException">The text is no change.</exception>
    public static ParameterChange ReadChange(string text) => JsonSerializer.Deserialize<ParameterChange>(text, DomainJson.Options) ?? throw new JsonException("The change is null.");

    /// <exception cref="JsonException">The text is no set of parameters.</exception>
    public static PoolParameters Read(string text) => JsonSerializer.Deserialize<PoolParameters>(text, DomainJson.Options) ?? throw new JsonException("The parameters are null.");
}
