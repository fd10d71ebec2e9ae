using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Auth;
using CocoonPool.Silo.Auth.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CocoonPool.Security.Tests.SignIn;

/// <summary>How passwords are kept: Argon2id, with what came before it still good.</summary>
public sealed class PasswordTests(PoolUnderAttack pool)
{
    private static readonly PasswordHashes Hashes = new(Options.Create(new AuthOptions()), NullLogger<PasswordHashes>.Instance);

    [Theory]
    // Made by the reference implementation (argon2 of the Password Hashing Competition), whose own test has the first.
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password")]
    [InlineData("$argon2id$v=19$m=32768,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$fqltm10AzoHxhLzOsDn/53hXkOM+UoFAuNh5wnhmHyc", "pässword with words")]
    public void HashOfTheReferenceImplementation_IsRead(string hash, string password)
    {
        Hashes.Check(hash, password).ShouldBe(new(IsRight: true, IsOutdated: true));
        Hashes.Check(hash, password + "x").ShouldBe(default, "what is wrong is never hashed anew");
    }

    [Fact]
    public void NewHash_IsArgon2idOf64MiBAndThreePasses_WithASaltOfItsOwn()
    {
        var (one, two) = (Hashes.Hash("some words"), Hashes.Hash("some words"));

        one.ShouldStartWith("$argon2id$v=19$m=65536,t=3,p=1$");
        two.ShouldNotBe(one);
        Hashes.Check(one, "some words").ShouldBe(new(IsRight: true, IsOutdated: false));
        Hashes.Check(one, "some word").IsRight.ShouldBeFalse();
    }

    [Fact]
    public void OldHash_IsOutdatedOnlyForTheRightPassword()
    {
        var old = new PasswordHasher<string>().HashPassword("", "some words");

        Hashes.Check(old, "some words").ShouldBe(new(IsRight: true, IsOutdated: true));
        Hashes.Check(old, "some word").ShouldBe(default);
    }

    [Fact]
    public async Task OldHash_StillSignsIn_AndIsReplacedThen()
    {
        var person = await Person.Create(pool, "operator");
        var old = new PasswordHasher<string>().HashPassword("", person.Password);
        await pool.Execute($"update accounts set password_hash = '{old}' where username = '{person.Username}'");
        using var stranger = pool.NewCaller();

        (await person.SignIn(stranger, password: "not the password")).Status.ShouldBe(401);
        (await Stored(person)).ShouldBe(old, "a wrong password replaces nothing");
        (await person.SignIn(stranger)).Status.ShouldBe(200);

        var hash = await Stored(person);
        hash.ShouldStartWith(PasswordHashes.ArgonPrefix);
        (await person.SignIn(stranger)).Status.ShouldBe(200);
        (await Stored(person)).ShouldBe(hash, "what is as it should be is left alone");
    }

    private Task<string> Stored(Person person) => pool.Scalar<string>($"select password_hash from accounts where username = '{person.Username}'");
}
