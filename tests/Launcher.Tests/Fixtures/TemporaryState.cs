using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Launcher.Tests.Fixtures;

/// <summary>A state folder of its own for a test.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly string _parent = System.IO.Directory.CreateTempSubdirectory("cocoon-launcher-").FullName;

    public TemporaryState()
    {
        Directory = new StateDirectory(Path.Combine(_parent, "state"));
        Directory.Create();
    }

    public StateDirectory Directory { get; }

    public string Beside(string name) => Path.Combine(_parent, name);

    public void Dispose() => System.IO.Directory.Delete(_parent, recursive: true);
}
