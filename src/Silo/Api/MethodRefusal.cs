namespace CocoonPool.Silo.Api;

/// <summary>
/// The endpoint that the routing itself puts where a path is known and the method is not. It answers 405 with the methods there are,
/// which the public document of the API names too, and does nothing else; so it needs no permission and leaves no audit line.
/// </summary>
public static class MethodRefusal
{
    /// <summary>The framework's own name for it; there is no other mark. A framework that renames it makes a test fail and the door shut (403).</summary>
    private const string FrameworksName = "405 HTTP Method Not Supported";

    public static bool Is(Endpoint endpoint) => endpoint is not RouteEndpoint && string.Equals(endpoint.DisplayName, FrameworksName, StringComparison.Ordinal);
}
