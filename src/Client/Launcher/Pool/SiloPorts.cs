using System.Text.Json;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>
/// The ports of one silo. They are kept in the state folder: a silo that comes back under its old address replaces its dead
/// predecessor in the cluster's membership at once, and clients find it where it was.
/// </summary>
/// <param name="Cluster">Where silos talk to each other; unused by the local engine, as is the next.</param>
/// <param name="Gateway">Where Orleans clients come in.</param>
public sealed record SiloPorts(int Http, int Metrics, int Cluster, int Gateway)
{
    private const string FileName = "silos.json";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The kept ports of so many silos; those that are missing, or that somebody else uses by now, are chosen anew.</summary>
    /// <param name="firstHttp">The HTTP port that the first silo has to have, or null.</param>
    public static IReadOnlyList<SiloPorts> Keep(StateDirectory state, int count, int? firstHttp)
    {
        var file = state.In(FileName);
        var known = Read(file);
        var taken = new HashSet<int>();
        if (firstHttp is { } named)
            taken.Add(named);
        var silos = new List<SiloPorts>();
        for (var i = 0; i < count; i++)
        {
            var old = i < known.Length ? known[i] : new SiloPorts(0, 0, 0, 0);
            var http = i == 0 && firstHttp is { } wanted ? wanted : Usable(old.Http, taken);
            silos.Add(new(http, Usable(old.Metrics, taken), Usable(old.Cluster, taken), Usable(old.Gateway, taken)));
        }

        // Silos beyond the count keep theirs for the day when the pool has as many again.
        File.WriteAllText(file, JsonSerializer.Serialize(silos.Concat(known.Skip(count)), Format));
        return silos;
    }

    private static int Usable(int port, HashSet<int> taken)
    {
        while (port == 0 || !FreePort.IsFree(port) || taken.Contains(port))
            port = FreePort.Any();
        taken.Add(port);
        return port;
    }

    private static SiloPorts[] Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<SiloPorts[]>(File.ReadAllText(file), Format) ?? [] : [];
        }
        catch (JsonException)
        {
            // Cut short by a crash: ports can always be chosen anew.
            return [];
        }
    }
}
