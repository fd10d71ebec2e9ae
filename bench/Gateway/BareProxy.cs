using System.Diagnostics;
using CocoonPool.Bench.Harness;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Gateway;

/// <summary>nginx as a proxy that does nothing but pass on, with kept connections to the back end: what any front door is measured against.</summary>
internal sealed class BareProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private BareProxy(Process process, string directory, int port) => (_process, _directory, Url) = (process, directory, $"http://127.0.0.1:{port}");

    public string Url { get; }

    /// <summary>Processor time of the master and its workers so far.</summary>
    public TimeSpan Used => ProcessorTime.Of(_process.Id);

    /// <exception cref="NotMeasurableException">There is no nginx.</exception>
    public static async Task<BareProxy> Start(string backend, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var program = new[] { Environment.GetEnvironmentVariable("COCOON_NGINX"), "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists)
            ?? throw new NotMeasurableException("nginx is missing, which the gateway is compared with; install the package 'nginx', or name the program in COCOON_NGINX.");
        var directory = Directory.CreateTempSubdirectory("cocoon-bench-nginx").FullName;
        var port = FreePort.Any();
        await File.WriteAllTextAsync(Path.Combine(directory, "nginx.conf"),
            $$"""
            daemon off;
            pid {{directory}}/nginx.pid;
            error_log stderr error;
            worker_processes 2;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{directory}}; proxy_temp_path {{directory}}; fastcgi_temp_path {{directory}}; uwsgi_temp_path {{directory}}; scgi_temp_path {{directory}};
              keepalive_requests 1000000;
              upstream backend { server {{new Uri(backend).Authority}}; keepalive 256; keepalive_requests 1000000; }
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
              }
            }
            """, cancellationToken);
        var process = Process.Start(new ProcessStartInfo(program, ["-p", directory, "-c", Path.Combine(directory, "nginx.conf")]) { RedirectStandardError = true, UseShellExecute = false })!;
        var proxy = new BareProxy(process, directory, port);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(proxy.Url + "/v1/models"), cancellationToken);
                return proxy;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
        await proxy.DisposeAsync();
        throw new NotMeasurableException("nginx does not start; see its error log.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGQUIT by its own command: the master takes its workers with it.
            using var quit = Process.Start(new ProcessStartInfo("kill", ["-QUIT", $"{_process.Id}"]))!;
            await quit.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
