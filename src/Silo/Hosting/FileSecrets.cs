using System.Collections;

namespace CocoonPool.Silo.Hosting;

/// <summary>
/// Secrets by reference: a variable such as <c>ConnectionStrings__Pool_FILE=/run/secrets/pool</c> gives the content of that file to
/// <c>ConnectionStrings:Pool</c>. A variable itself is seen by everybody who may list the process.
/// </summary>
public static class FileSecrets
{
    private const string Suffix = "_FILE";

    /// <exception cref="InvalidOperationException">A file is missing, empty, or readable by others.</exception>
    public static void AddFileSecrets(this ConfigurationManager configuration) => configuration.AddInMemoryCollection(
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.EndsWith(Suffix, StringComparison.Ordinal) && name.Contains("__", StringComparison.Ordinal)
        let key = name[..^Suffix.Length].Replace("__", ":", StringComparison.Ordinal)
        select new KeyValuePair<string, string?>(key, Secrets.Read((string)variable.Value!, name)));
}
