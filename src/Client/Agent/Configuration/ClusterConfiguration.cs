using System.Net;
using CocoonPool.Client.Agent.Link;

namespace CocoonPool.Client.Agent.Configuration;

/// <summary>Reads what <c>transport: orleans</c> needs.</summary>
internal static class ClusterConfiguration
{
    /// <summary>Null for WebSockets, and when there are mistakes.</summary>
    public static ClusterSection? Read(YamlSection worker, Func<string?, string?> fullPath)
    {
        var transport = worker.OptionalText("transport") ?? "websocket";
        var texts = worker.Texts("gateways");
        var files = worker.Section("tls");
        var (certificate, key, authority) = (
            fullPath(files.OptionalText("certificate_file")), fullPath(files.OptionalText("key_file")), fullPath(files.OptionalText("authority_file")));
        files.Finish();
        if (transport is "websocket")
            return null;
        if (transport is not "orleans")
        {
            worker.Mistake("transport", $"must be websocket or orleans, not '{transport}'.");
            return null;
        }
        if (ClusterTransport.Unavailable is { } reason)
        {
            worker.Mistake("transport", reason);
            return null;
        }
        var gateways = new List<IPEndPoint>();
        foreach (var text in texts)
        {
            if (IPEndPoint.TryParse(text, out var gateway) && gateway.Port != 0)
                gateways.Add(gateway);
            else
                worker.Mistake("gateways", $"'{text}' is no address with a port, such as 10.0.0.5:30000.");
        }
        if (texts.Count == 0)
            worker.Mistake("gateways", "is missing; list the gateways of the cluster's silos, such as [10.0.0.5:30000].");
        var named = new[] { certificate, key, authority }.Count(file => file is not null);
        if (named is 1 or 2)
            worker.Mistake("tls", "needs certificate_file, key_file and authority_file together.");
        if (named == 0 && gateways.Exists(gateway => !IPAddress.IsLoopback(gateway.Address)))
            worker.Mistake("tls", "is missing; a gateway on another machine is only reached with mutual TLS.");
        return new ClusterSection([.. gateways], named == 3 ? (certificate!, key!, authority!) : null);
    }
}
