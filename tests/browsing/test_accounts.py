"""What people see when an admin ends an account."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_a_deleted_person_is_nobody_at_once_and_ever_after(
    house: House, enter: Enter
) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    cy = await house.person("cy", nickname="Cyrus")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo, cy)
    await cy.post(room, "so long")
    window = await enter(bo, f"/r/{room}")
    await window.sees("so long")
    await expect(window.message("so long")).to_contain_text("Cyrus")

    admin = await enter(ann, f"/admin/people/{cy.id}")
    await admin.link("Delete this account").click()
    await admin.button("Delete for good").click()
    await expect(admin.page.get_by_role("status")).to_contain_text("Cyrus is deleted")

    await expect(window.message("so long")).to_contain_text(window.say("Deleted account"))
    await expect(window.messages).not_to_contain_text("Cyrus")
    await window.page.reload()
    await window.sees("so long")
    await expect(window.message("so long")).to_contain_text(window.say("Deleted account"))
    await expect(window.page.locator("body")).not_to_contain_text("Cyrus")


async def test_suspended_with_the_page_open_one_is_led_to_the_log_in(
    house: House, enter: Enter
) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(bo, f"/r/{room}")
    await expect(window.writing).to_be_visible()
    window.watch.forgive("status of 401")
    admin = await enter(ann, f"/admin/people/{bo.id}")
    await admin.page.get_by_label("Reason").last.fill("a pause")
    await admin.button("Suspend").click()
    await expect(admin.text("Reason: a pause")).to_be_visible()
    await window.arrives("/login")
    await window.log_in("bo")
    window.watch.forgive("status of 403")
    await expect(window.page.get_by_role("alert")).to_be_visible()


async def test_someone_asks_and_is_let_in_with_the_keyboard_alone(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    signups = house.chatelaine.signups
    await signups.ask(await signups.draft("dora", "correct horse battery", "Dora", "", "192.0.2.1"))
    admin = await enter(ann, "/admin/approvals")
    await admin.page.get_by_role("combobox", name="Role of Dora").focus()
    await admin.page.keyboard.press("Tab")
    await admin.page.keyboard.press("Enter")
    await expect(admin.text("Nobody is waiting.")).to_be_visible()
    window = await enter(path="/login")
    await window.log_in("dora")
    await expect(window.room("Hall")).to_be_visible()
