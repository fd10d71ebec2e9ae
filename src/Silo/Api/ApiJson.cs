using System.Text.Json;
using System.Text.Json.Serialization;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Api;

/// <summary>JSON as the API speaks it: snake_case, amounts as strings of nanoTON, unknown fields refused.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.MaxDepth = 32;
        // Two members of one name are read differently by different parsers, and what a proxy checked must be what is done.
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        return DomainJson.Configure(options);
    }

    /// <summary>A page of a list that is read whole.</summary>
    public static object Page<T>(IReadOnlyCollection<T> all, int? limit, string? cursor)
    {
        var size = Math.Clamp(limit ?? 50, 1, 1_000);
        var skip = cursor is null ? 0 : int.TryParse(cursor, out var at) && at >= 0 ? at : throw ApiException.Invalid("The cursor is the next_cursor of the page before.");
        var data = all.Skip(skip).Take(size).ToList();
        var more = skip + data.Count < all.Count;
        return new { data, pagination = new { next_cursor = more ? (skip + data.Count).ToString() : null, has_more = more, total = all.Count } };
    }
}
