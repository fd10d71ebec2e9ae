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

    /// <summary>The kept ports of one silo; those that are missing, or that somebody else uses by now, are chosen anew.</summary>
    /// <param name="number">1 for the first silo.</param>
    /// <param name="namedHttp">The HTTP port that it has to have, or null.</param>
    public static SiloPorts Keep(StateDirectory state, int number, int? namedHttp)
    {
        var file = state.In(FileName);
        var known = Read(file).ToList();
        while (known.Count < number)
            known.Add(new(0, 0, 0, 0));
        var old = known[number - 1];

        // What another silo has is not given away while that silo happens not to run.
        var taken = known.Where((_, i) => i != number - 1).SelectMany(other => (int[])[other.Http, other.Metrics, other.Cluster, other.Gateway]).ToHashSet();
        if (namedHttp is { } named)
            taken.Add(named);
        var ports = new SiloPorts(namedHttp ?? Usable(old.Http, taken), Usable(old.Metrics, taken), Usable(old.Cluster, taken), Usable(old.Gateway, taken));
        known[number - 1] = ports;
        File.WriteAllText(file, JsonSerializer.Serialize(known, Format));
        return ports;
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
