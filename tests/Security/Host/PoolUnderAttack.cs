using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Grains;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Auth;
using CocoonPool.TestKit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(PoolUnderAttack))]

// One pool, and attacks that lock, flood and log out: side by side they would be each other's noise.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CocoonPool.Security.Tests.Host;

/// <summary>A real pool: PostgreSQL, local chain and chain gateway as processes, the silo on a real listener inside this process, so that tests see its endpoints.</summary>
public sealed class PoolUnderAttack : IAsyncLifetime
{
    private readonly StateDirectory _state = new(Path.Combine(Path.GetTempPath(), $"cocoon-security-{Guid.NewGuid():n}"));
    private Watchdog? _watchdog;
    private WebApplicationFactory<AccessTokens>? _host;
    private int _sources;

    public ShiftedTime Time { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public Uri Url { get; private set; } = null!;

    public Uri MetricsUrl { get; private set; } = null!;

    public string OperatorKey { get; private set; } = "";

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public PoolSettings Settings => Services.GetRequiredService<PoolSettings>();

    public WalletSigner Wallets { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _state.Create();
        _watchdog = Watchdog.Start(_state);
        var checkout = Checkout.Find();
        var secrets = new SecretFiles(_state);
        var supervisor = new Supervisor(_state, TimeProvider.System);
        var chain = new ChainServices(checkout, _state, secrets, FreePort.Any(), FreePort.Any());
        await supervisor.Start(chain.Localnet(), CancellationToken.None);
        ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("security");
        var deployment = await chain.Deploy(CancellationToken.None);
        await supervisor.Start(chain.Gateway(), CancellationToken.None);
        Wallets = WalletSigner.Start(checkout.Script("tools/proof.js"));
        OperatorKey = SecretFiles.Read(secrets.OperatorKey);
        Url = new Uri($"http://127.0.0.1:{FreePort.Any()}");
        MetricsUrl = new Uri($"http://127.0.0.1:{FreePort.Any()}");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Silo:Listen"] = Url.ToString(),
            ["Silo:MetricsListen"] = MetricsUrl.ToString(),
            ["ConnectionStrings:Pool"] = ConnectionString,
            ["Pool:OperatorWallet"] = deployment.OperatorWallet,
            ["Pool:Network"] = "Local",
            ["Pool:OperatorKeyFile"] = secrets.OperatorKey,
            ["Pool:TicketKeyFile"] = secrets.TicketKey,
            ["Chain:GatewayUrl"] = chain.GatewayUrl,
            ["Chain:GatewayTokenFile"] = secrets.GatewayToken,
            ["Chain:Distribution"] = deployment.Distribution,
            ["Chain:Registry"] = deployment.Registry,
            ["Approvals:Timelock"] = "01:00:00",
            // The attacks are judged one by one here; how often somebody may try has tests of its own.
            ["RateLimits:InferencePerMinute"] = "0",
            ["RateLimits:QueriesPerMinute"] = "0",
            ["RateLimits:AdminPerMinute"] = "0",
            ["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32",
        };
        _host = new WebApplicationFactory<AccessTokens>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment("Development");
            foreach (var (key, value) in settings)
                web.UseSetting(key, value);
            web.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Time));
        });
        _host.UseKestrel();
        _host.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        Wallets?.Dispose();
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        if (_watchdog is not null)
            await _watchdog.DisposeAsync();
        _state.Remove();
    }

    /// <summary>A caller with a network address of its own, so that one test's failures do not lock another one's door.</summary>
    public HttpClient NewCaller(string? credential = null, bool cookies = false)
    {
        var http = new HttpClient(NewHandler(cookies)) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(60) };
        if (credential is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return http;
    }

    /// <summary>The way of such a caller into the pool.</summary>
    public SocketsHttpHandler NewHandler(bool cookies = false)
    {
        var n = Interlocked.Increment(ref _sources);
        var source = new IPAddress([127, 0, (byte)(1 + (n >> 8)), (byte)n]);
        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = cookies,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(source, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    /// <summary>A signed-in caller of a role, without the doors that lead there: those have tests of their own.</summary>
    public async Task<HttpClient> SignedIn(string role, string subject) =>
        NewCaller((await Services.GetRequiredService<AccessTokens>().Open(role, subject, TimeSpan.FromHours(12), CancellationToken.None)).AccessToken);

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many audit lines a request left. The log is one for the whole pool, which also writes by itself.</summary>
    public Task<long> LinesOf(HttpResponseMessage answer) =>
        Scalar<long>($"select count(*) from audit_log where request_id = '{answer.Headers.GetValues("X-Request-ID").Single()}'");

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
