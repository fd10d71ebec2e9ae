using System.CommandLine;
using System.Security.Cryptography;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>epoch bundle</c>: fetches what was published of an epoch and holds it against the hash that the pool recorded.</summary>
internal static class EpochBundle
{
    public static Command Create(PoolCommands pool, Screen screen)
    {
        var number = EpochGroup.Number();
        var file = new Option<string>("--out") { Description = "the new file; one that is there already is not overwritten", Required = true };
        return pool.Do(
            "bundle", "Fetches the epoch's published bundle, byte for byte. With --json it prints the epoch that the bundle was compared with.",
            ["epoch bundle 7 --out epoch-7.json"], [number, file],
            async (parsed, api, cancellationToken) =>
            {
                var epoch = parsed.GetValue(number);
                var bundle = await api.Bytes(PoolRequest.GetPublic($"/api/v1/epochs/{epoch}/bundle.json"), cancellationToken);
                var answer = await api.Json(PoolRequest.GetPublic($"/api/v1/epochs/{epoch}"), cancellationToken);
                var path = parsed.GetRequiredValue(file);
                await Write(path, bundle, cancellationToken);

                var hash = Convert.ToHexStringLower(SHA256.HashData(bundle));
                var published = new Fields(answer.Root)["bundle_hash"];
                pool.Print(parsed, answer, _ => screen.Line($"{bundle.Length} bytes written to {path}; bundle hash {hash}"));
                return string.Equals(hash, published, StringComparison.Ordinal)
                    ? ExitCode.Done
                    : throw new AdminException(
                        ExitCode.Refused, $"The bundle's hash is {hash}, but the pool recorded {published} for epoch {epoch}: do not rely on {path}, and look at verify-epoch.");
            });
    }

    private static async Task Write(string path, byte[] bundle, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await stream.WriteAsync(bundle, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AdminException(ExitCode.Usage, $"The bundle could not be written: {failure.Message} Choose another file with --out.");
        }
    }
}
