using System.Text.Json;

namespace CocoonPool.Domain.Tests;

/// <summary>Vectors that the contracts' side made with the reference TON library.</summary>
internal static class Golden
{
    public static JsonElement Read(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "golden", name);
        File.Exists(path).ShouldBeTrue($"contracts/golden/{name} is missing; it is made by the contracts' build and committed.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
