namespace CocoonPool.TestKit.Processes;

/// <summary>A service under a service manager: whenever it ends it is started again, until it is disposed. Killing it is the test's.</summary>
/// <param name="start">Starts the program. The argument is the address of the start before, so that it can come back where it was; null the first time.</param>
public sealed class KeptService(string name, Func<string?, GuardedProcess> start) : IAsyncDisposable
{
    /// <summary>A program that cannot start at all would be started for ever.</summary>
    private const int MostStartsInARow = 20;

    private GuardedProcess? _process;
    private Task _keeping = Task.CompletedTask;
    private volatile bool _over;

    public string Name => name;

    /// <summary>Where it answers; the same after every start.</summary>
    public string Url { get; private set; } = "";

    public int Restarts { get; private set; }

    /// <summary>Its process id, which changes with every start.</summary>
    public async Task<int> Pid() => await _process!.Pid;

    /// <summary>Called whenever it is ready again.</summary>
    public Func<Task> OnRestarted { get; set; } = () => Task.CompletedTask;

    /// <summary>Starts it for the first time and waits until it is ready.</summary>
    public async Task Start()
    {
        _process = start(null);
        Url = await _process.Ready;
        _keeping = Keep();
    }

    /// <summary>SIGKILL, also in the middle of a start. False when it was not running.</summary>
    public bool Kill() => _process?.Kill() ?? false;

    /// <summary>Completes when it is ready, at once if it is.</summary>
    public async Task Ready()
    {
        while (true)
        {
            if (_keeping.IsFaulted)
                await _keeping;
            var process = _process!;
            try
            {
                await process.Ready;
                if (!process.Ended.IsCompleted)
                    return;
            }
            catch (InvalidOperationException)
            {
                // It ended in its start; the manager starts it again.
            }

            await Task.WhenAny(_keeping, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _over = true;
        if (_process is not null)
            await _process.DisposeAsync();
        await _keeping;
    }

    private async Task Keep()
    {
        for (var failures = 0; ;)
        {
            await _process!.Ended;
            if (_over)
                return;
            Restarts++;
            _process = start(Url);
            try
            {
                await _process.Ready;
                failures = 0;
                await OnRestarted();
            }
            catch (InvalidOperationException) when (++failures < MostStartsInARow)
            {
                // Killed in its start, or its port is not free yet: again.
            }
        }
    }
}
