using System.Runtime.CompilerServices;

namespace CocoonPool.Engine.Contract;

[GenerateSerializer, Alias("contract.News")]
public sealed class News
{
    [Id(0)]
    public long Published { get; set; }
}

/// <summary>Publishes one number after another on a timer that its reminder keeps alive, and streams them to whoever reads.</summary>
public interface INewsGrain : IGrainWithStringKey
{
    Task Begin();

    /// <summary>The numbers from <paramref name="from"/> on, each once and in order; it never ends by itself.</summary>
    IAsyncEnumerable<long> Read(long from, CancellationToken cancellationToken = default);
}

[Reentrant]
public sealed class NewsGrain([PersistentState("news")] IPersistentState<News> news, Mistake mistake) : Grain, INewsGrain, IRemindable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private TaskCompletionSource _more = new();
    private long _written;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _written = news.State.Published;
        this.RegisterGrainTimer(PublishAsync, Soon, Soon);
        return Task.CompletedTask;
    }

    public Task Begin() => this.RegisterOrUpdateReminder("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public async IAsyncEnumerable<long> Read(long from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var next = from; ; next++)
        {
            while (next > _written) await _more.Task.WaitAsync(cancellationToken);
            yield return next;
        }
    }

    // Readers see a number when it is written: a crash would otherwise take back what somebody has read.
    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        news.State.Published++;
        await this.PersistAsync(news, mistake);
        _written = news.State.Published;
        var waiting = _more;
        _more = new TaskCompletionSource();
        waiting.SetResult();
    }
}
