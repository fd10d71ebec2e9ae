using System.Threading.Channels;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>Waiting for events with an end, so that a test that fails fails soon and says where.</summary>
internal static class Wait
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Longest);

    public static Task Soon(this Task task) => task.WaitAsync(Longest);

    public static Task<T> Next<T>(this Channel<T> events) => events.Reader.ReadAsync().AsTask().Soon();

    /// <summary>Waits for the first event that fits and drops those before it.</summary>
    public static async Task<T> Next<T>(this Channel<T> events, Func<T, bool> fits)
    {
        while (true)
        {
            var item = await events.Next();
            if (fits(item))
                return item;
        }
    }
}
