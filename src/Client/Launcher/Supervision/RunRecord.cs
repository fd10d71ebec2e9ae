using System.Text.Json;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>What is known on disk about a started service, so that a later run can stop it, or show it.</summary>
/// <param name="Order">The place in the start order; stopping goes backwards.</param>
public sealed record RunRecord(
    string Name,
    int Order,
    ProcessIdentity Process,
    int? Port,
    string? HealthUrl,
    int StopSignal,
    int StopLimitSeconds)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string directory)
    {
        var path = Path.Combine(directory, Name + ".json");
        // Written aside and renamed: a launcher killed in between leaves the old record or the new one, never half of one.
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, Format));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>
    /// Removes this record. One that a later start has written under the same name stays, and it is no mistake when the whole state
    /// folder is gone already: a watchdog that stops several services must come to the last of them.
    /// </summary>
    public void Delete(string directory)
    {
        var path = Path.Combine(directory, Name + ".json");
        if (Read(path) is { } present && present.Process == Process && Directory.Exists(directory))
            File.Delete(path);
    }

    /// <summary>The record of one service, or null.</summary>
    public static RunRecord? Find(string directory, string name) => Read(Path.Combine(directory, name + ".json"));

    /// <summary>All records of a state directory in start order. An unreadable one is left out: it names nobody to stop.</summary>
    public static IReadOnlyList<RunRecord> ReadAll(string directory)
    {
        if (!Directory.Exists(directory))
            return [];
        var records = new List<RunRecord>();
        foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
        {
            if (Read(path) is { } record)
                records.Add(record);
            else
                File.Delete(path);
        }

        return [.. records.OrderBy(record => record.Order)];
    }

    /// <summary>Null when there is nothing readable, also when somebody else (a watchdog that cleans up) removed it a moment ago.</summary>
    private static RunRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), Format) is { Process: not null } record ? record : null;
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
