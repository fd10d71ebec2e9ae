namespace CocoonPool.Silo.Hosting;

/// <summary>Headers that keep a browser from doing more than the console needs: no foreign sources, no framing, no sniffing.</summary>
public sealed class BrowserHeaders(RequestDelegate next)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
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
