using System.Net;
using System.Net.Sockets;

namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>Loopback ports for the services: the configured one, else one that the system says is free.</summary>
public static class FreePort
{
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The port named by the environment variable, else a free one.</summary>
    public static int Configured(string variable) => Named(variable) ?? Any();

    /// <summary>The port named by the environment variable, or null; a port that is taken is refused here rather than by a service's log.</summary>
    public static int? Named(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value))
            return null;
        if (!int.TryParse(value, out var port) || port is < 1 or > 65535)
            throw new LauncherException($"{variable}={value} is no port; use 1 to 65535, or leave it out for a free one.");
        if (!IsFree(port))
            throw new LauncherException($"Port {port} ({variable}) is in use; choose another one, or leave it out for a free one.");
        return port;
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
