using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Workers;

namespace CocoonPool.Silo.Hosting;

/// <summary>
/// <c>Pool:Profile=LoadTest</c>: synthetic workers register and poll without credentials, and nothing is limited. The host starts with
/// it on one developer's machine only (<see cref="ConfigurationCheck"/>), and every answer says so.
/// </summary>
public static class LoadTestProfile
{
    public const string Header = "X-Profile";

    public const string HeaderValue = "load-test";

    public static bool IsOn(IConfiguration configuration) => string.Equals(configuration["Pool:Profile"], "LoadTest", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">This is not one developer's machine; every reason is named.</exception>
    public static void MustBeHarmless(IHostEnvironment environment, IConfiguration configuration)
    {
        if (!IsOn(configuration))
            return;
        var reasons = new List<string>();
        if (!environment.IsDevelopment())
            reasons.Add($"the environment is {environment.EnvironmentName} and not Development");
        foreach (var key in (string[])["Silo:Listen", "Silo:MetricsListen", "Chain:GatewayUrl"])
        {
            if (configuration[key] is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IsLoopback))
                reasons.Add($"{key} is not loopback");
        }
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            reasons.Add("Kestrel:Endpoints opens listeners of its own");
        if (configuration["Orleans:Advertise"] is { Length: > 0 } advertised && !(System.Net.IPAddress.TryParse(advertised, out var cluster) && System.Net.IPAddress.IsLoopback(cluster)))
            reasons.Add("Orleans:Advertise is not loopback");
        if (string.Equals(configuration["Pool:Network"], "Mainnet", StringComparison.OrdinalIgnoreCase))
            reasons.Add("Pool:Network is Mainnet");
        if (reasons.Count > 0)
            throw new InvalidOperationException($"Pool:Profile=LoadTest lets anybody in and needs Development, loopback addresses and no mainnet: {string.Join("; ", reasons)}.");
    }

    public static void AddLoadTestProfile(this WebApplicationBuilder builder)
    {
        if (!IsOn(builder.Configuration))
            return;
        builder.Services.PostConfigure<RateLimitOptions>(limits =>
            limits.InferencePerMinute = limits.QueriesPerMinute = limits.AdminPerMinute = limits.HeartbeatsPerHour = limits.UnknownKeysPerMinute = 0);
        builder.Services.PostConfigure<WorkerLinkOptions>(link => (link.AcceptMockSignatures, link.MaxUnprovenLinksOfOneNetwork) = (true, link.MaxUnprovenLinks));
    }

    /// <summary>Goes behind the routing and before the guard: whoever registers or steers a worker without credentials is taken for the operator.</summary>
    public static void UseLoadTestProfile(this WebApplication app)
    {
        if (!IsOn(app.Configuration))
            return;
        app.Use((context, next) =>
        {
            var anonymous = context.Request.Headers is { Authorization.Count: 0 } headers && !headers.ContainsKey("X-API-Key") && context.Request.Cookies.Count == 0;
            if (anonymous && context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Permission == Permission.ManageWorker)
                context.SetHolder(Stranger);
            return next(context);
        });
    }

    /// <summary>Goes first, so that refusals carry the header too.</summary>
    public static void UseLoadTestHeader(this WebApplication app)
    {
        if (!IsOn(app.Configuration))
            return;
        app.Use((context, next) =>
        {
            context.Response.Headers[Header] = HeaderValue;
            return next(context);
        });
    }

    private static KeyHolder Stranger => new("load-test", Permissions.OperatorRole, "load-test");
}
