using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Auth;

/// <summary>
/// Sessions of the web console. Scripts cannot read the cookies, other sites cannot make the browser send them, and a change also
/// needs a token that only the pool's own page was told.
/// </summary>
public static class SessionCookies
{
    /// <summary>The prefix makes browsers insist on Secure, on this host alone and on the whole of it.</summary>
    public const string Access = "__Host-cocoon-session";

    public const string Refresh = "__Secure-cocoon-refresh";
    public const string CsrfHeader = "X-CSRF-Token";
    private const string RefreshPath = "/auth/";

    public static void Set(HttpContext context, IssuedTokens tokens, TimeSpan session)
    {
        context.Response.Cookies.Append(Access, tokens.AccessToken, Options("/", tokens.ExpiresIn));
        context.Response.Cookies.Append(Refresh, tokens.RefreshToken, Options(RefreshPath, session));
    }

    public static void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(Access, Options("/", null));
        context.Response.Cookies.Delete(Refresh, Options(RefreshPath, null));
    }

    /// <exception cref="ApiException">403: the request may have been made by another site.</exception>
    public static void MustBeOurPage(HttpContext context, AccessTokens tokens, Guid session)
    {
        var request = context.Request;
        if (request.Headers.Origin is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            throw new ApiException(403, "forbidden", "This request comes from another site.");
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        if (request.Headers[CsrfHeader] is not [{ Length: <= 400 } token] || !tokens.IsCsrfTokenOf(token, session))
            throw new ApiException(403, "forbidden", $"Send the csrf_token of GET /auth/session in the header {CsrfHeader}.");
    }

    private static CookieOptions Options(string path, TimeSpan? age) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = path, MaxAge = age, IsEssential = true };
}
