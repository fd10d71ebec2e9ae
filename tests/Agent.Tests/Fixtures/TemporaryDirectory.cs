namespace CocoonPool.Agent.Tests.Fixtures;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cocoon-worker-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
