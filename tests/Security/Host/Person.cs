using System.Buffers.Text;
using System.Text.Json;
using CocoonPool.Domain.Access;

namespace CocoonPool.Security.Tests.Host;

/// <summary>A person with an account: knows the password and has the authenticator.</summary>
public sealed class Person(PoolUnderAttack pool, string username, JsonElement credentials)
{
    public string Username => username;

    public string Password { get; private set; } = credentials.Text("password");

    public string Secret { get; private set; } = credentials.Text("totp_secret");

    public string[] RecoveryCodes { get; } = [.. credentials.GetProperty("recovery_codes").EnumerateArray().Select(c => c.GetString()!)];

    /// <summary>An account made by an administrator.</summary>
    public static async Task<Person> Create(PoolUnderAttack pool, string role)
    {
        using var admin = await pool.SignedIn("pool-admin", "some-admin");
        var username = $"p{Guid.NewGuid():n}"[..20];
        var (status, body) = await admin.Post("/api/v1/users", new { username, role });
        status.ShouldBe(201, body.ToString());
        return new(pool, username, body);
    }

    /// <summary>A code that was not used before: the clock moves on to the next one.</summary>
    public string NextCode()
    {
        pool.Time.Advance(TimeSpan.FromSeconds(30));
        return Code();
    }

    public string Code() => Totp.Code(Base32(Secret), pool.Time.GetUtcNow());

    public Task<(int Status, JsonElement Body)> SignIn(HttpClient from, string? password = null, string? totp = null) =>
        from.Post("/auth/operator", new { username, password = password ?? Password, totp = totp ?? NextCode() });

    public async Task<HttpClient> SignedIn()
    {
        using var stranger = pool.NewCaller();
        var (status, tokens) = await SignIn(stranger);
        status.ShouldBe(200, tokens.ToString());
        return pool.NewCaller(tokens.Text("access_token"));
    }

    /// <summary>Replaces what the administrator chose.</summary>
    public async Task TakeOver()
    {
        using var self = await SignedIn();
        var mine = "my own words " + Base64Url.EncodeToString(Guid.NewGuid().ToByteArray());
        var (status, body) = await self.Post("/auth/credentials", new { password = Password, totp = NextCode(), new_password = mine });
        status.ShouldBe(200, body.ToString());
        (Password, Secret) = (mine, body.Text("totp_secret"));
    }

    private static byte[] Base32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
