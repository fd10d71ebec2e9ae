using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Adapters.Postgres.Idempotency;

namespace CocoonPool.Silo.Idempotency;

/// <summary>Puts the memory of answers into the host.</summary>
public static class IdempotencyHosting
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) =>
        services.AddSingleton<IdempotentRequests>().AddHostedService<Forgetting>();
}

/// <summary>Forgets, hourly, what is kept only for a while: answers after a day, sessions a month after their end.</summary>
public sealed partial class Forgetting(IdempotentRequests requests, Sessions sessions, TimeProvider time, ILogger<Forgetting> logger) : BackgroundService
{
    private static readonly TimeSpan SessionsKept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            try
            {
                LogForgot(await requests.Forget(stoppingToken), await sessions.Forget(time.GetUtcNow() - SessionsKept, stoppingToken));
            }
            catch (Npgsql.NpgsqlException problem)
            {
                LogLater(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1921, LogLevel.Debug, "Forgot {Answers} kept answers and {Sessions} sessions")]
    private partial void LogForgot(int answers, int sessions);

    [LoggerMessage(1922, LogLevel.Warning, "The database is away; what is old is forgotten later")]
    private partial void LogLater(Exception problem);
}
