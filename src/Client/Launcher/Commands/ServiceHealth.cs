using System.Net.Sockets;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Client.Launcher.Commands;

/// <summary>Asks a running service how it is: by its health address, or by whether its port answers.</summary>
public static class ServiceHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<string> Ask(RunRecord record, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            if (record.HealthUrl is { } url)
            {
                using var http = new HttpClient();
                using var response = await http.GetAsync(new Uri(url), limit.Token);
                return response.IsSuccessStatusCode ? "well" : $"not well: HTTP {(int)response.StatusCode}";
            }

            if (record.Port is not { } port)
                return "-";
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, limit.Token);
            return "well";
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or OperationCanceledException)
        {
            return "not answering";
        }
    }
}
