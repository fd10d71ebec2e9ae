using Swashbuckle.AspNetCore.SwaggerUI;

namespace CocoonPool.Silo.Hosting;

/// <summary>Headers that keep a browser from doing more than the console needs: no foreign sources, no framing, no sniffing.</summary>
public sealed class BrowserHeaders(RequestDelegate next)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The one inline style of the reference page, by its hash; a changed page of a new version shows as an error in the tests.</summary>
    private static readonly string ReferencePolicy = Policy.Replace("style-src 'self'", "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='", StringComparison.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? ReferencePolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    }
}

/// <summary>The reference page of the API at <c>/docs</c>: its files come from the host itself, nothing from elsewhere.</summary>
public static class ReferencePage
{
    public static void DocumentIsTheApis(this SwaggerUIOptions page)
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Cocoon Pool API";
        page.SwaggerEndpoint("/openapi/v1.json", "Cocoon Pool API v1");
    }
}

/// <summary>The web console's files, built by <c>src/Console</c>.</summary>
public static class ConsoleFiles
{
    public static void UseConsole(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path == "/")
            {
                context.Response.Redirect("/console/");
                return Task.CompletedTask;
            }
            return next(context);
        });
        app.UseDefaultFiles();
        app.UseStaticFiles();
    }
}
