using System.Net;
using System.Net.Sockets;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Silo.Api;

/// <summary>Who makes a request.</summary>
public static class Caller
{
    private static readonly object Key = new();

    public static KeyHolder? Holder(this HttpContext context) => context.Items.TryGetValue(Key, out var holder) ? (KeyHolder?)holder : null;

    public static void SetHolder(this HttpContext context, KeyHolder holder) => context.Items[Key] = holder;

    /// <summary>The network address that a request came from; the proxy's word for it when there is one that is trusted.</summary>
    public static string SourceAddress(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>
    /// What limits count by. Whoever rents one IPv6 connection is given a network of 2^64 addresses (a /64) and could use a new one for
    /// every request, so the whole of it is one caller.
    /// </summary>
    public static string SourceNetwork(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } address when !IPAddress.IsLoopback(address) =>
            $"{new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]])}/64",
        _ => context.SourceAddress(),
    };

    /// <summary>A participant's key opens that participant's data alone. Others get the answer that they would get if it did not exist.</summary>
    /// <exception cref="ApiException">The caller is another participant.</exception>
    public static void MustBe(this HttpContext context, TonAddress participant)
    {
        var holder = context.Holder();
        if (holder is { Role: Permissions.ParticipantRole } && !string.Equals(holder.Subject, participant.ToString(), StringComparison.Ordinal))
            throw new ApiException(403, "forbidden", "This key belongs to another participant; use the key of the participant whose data you ask for.");
    }
}
