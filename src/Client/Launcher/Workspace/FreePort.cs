using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>Loopback ports for the services: the configured one, else one that the system says is free.</summary>
public static class FreePort
{
    private const string EphemeralRange = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int First = 15_000;
    private const int Tries = 64;

    /// <summary>
    /// A port below those that the system gives to outgoing connections. One of these would be lost as soon as its service is away for a
    /// moment: any connection may take it, and a client that tries to reach it again and again ends up connected to itself there.
    /// </summary>
    public static int Any()
    {
        var ceiling = FirstEphemeral();
        for (var left = Tries; left > 0 && ceiling > First; left--)
        {
            var port = RandomNumberGenerator.GetInt32(First, ceiling);
            if (IsFree(port))
                return port;
        }

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

    /// <summary>Zero when the system does not say.</summary>
    private static int FirstEphemeral()
    {
        try
        {
            return int.Parse(File.ReadAllText(EphemeralRange).Split((char[])['\t', ' '])[0], CultureInfo.InvariantCulture);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
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
