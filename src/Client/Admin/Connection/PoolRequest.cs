namespace CocoonPool.Client.Admin.Connection;

/// <summary>One call of the REST API.</summary>
/// <param name="Path">Below the pool's address, each part escaped already.</param>
/// <param name="Body">JSON of a POST; null for a GET.</param>
/// <param name="IsPublic">Anybody may ask this, so no key is looked for and none is sent.</param>
internal sealed record PoolRequest(string Path, object? Body = null, bool IsPublic = false)
{
    /// <summary>Left out, it is POST with a body and GET without.</summary>
    public HttpMethod? Method { get; init; }

    /// <summary>A status that is an answer and no refusal, besides the successful ones.</summary>
    public int? AlsoAnswers { get; init; }

    public static PoolRequest Delete(FormattableString path) => new(Escape(path)) { Method = HttpMethod.Delete };

    public static PoolRequest Get(FormattableString path) => new(Escape(path));

    public static PoolRequest GetPublic(FormattableString path) => new(Escape(path), IsPublic: true);

    public static PoolRequest Post(FormattableString path, object body) => new(Escape(path), body);

    /// <summary>What people type becomes one segment or one value: a slash in it must not lead to another address.</summary>
    private static string Escape(FormattableString path) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(part => Uri.EscapeDataString($"{part}"))]);
}
